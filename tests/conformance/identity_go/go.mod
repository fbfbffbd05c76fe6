module imdsd/tests/conformance/identity_go

go 1.24

require (
	github.com/fullsailor/pkcs7 v0.0.0-20190404230743-d7302db945fa
	github.com/hashicorp/vault v1.14.10
)

require github.com/hashicorp/go-version v1.6.0 // indirect
