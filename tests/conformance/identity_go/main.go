// SPDX-License-Identifier: MIT

// Verifies identity documents with the libraries that Go programs use for it, in the steps of their AWS attestors:
// HashiCorp Vault's (github.com/hashicorp/vault/builtin/credential/aws) and SPIRE's (node attestor aws_iid).
// Called with the address of the metadata service and a folder of certificates, TYPE.pem.
package main

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"

	fullsailor "github.com/fullsailor/pkcs7"
	vault "github.com/hashicorp/vault/builtin/credential/aws/pkcs7"
)

func fetch(address, name string) ([]byte, error) {
	answer, err := http.Get("http://" + address + "/latest/dynamic/instance-identity/" + name)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, errors.New(answer.Status)
	}
	return io.ReadAll(answer.Body)
}

func certificate(folder, name string) (*x509.Certificate, error) {
	text, err := os.ReadFile(filepath.Join(folder, name+".pem"))
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("no PEM")
	}
	return x509.ParseCertificate(block.Bytes)
}

// As Vault does it: the message between BEGIN and END lines, the certificate from the configuration.
func message(body []byte) ([]byte, error) {
	text := fmt.Sprintf("-----BEGIN PKCS7-----\n%s\n-----END PKCS7-----", body)
	block, rest := pem.Decode([]byte(text))
	if block == nil || len(rest) != 0 {
		return nil, errors.New("the PKCS #7 text is not PEM")
	}
	return block.Bytes, nil
}

func byFullsailor(der []byte, signer *x509.Certificate) ([]byte, error) {
	parsed, err := fullsailor.Parse(der)
	if err != nil {
		return nil, err
	}
	parsed.Certificates = []*x509.Certificate{signer}
	return parsed.Content, parsed.Verify()
}

func byVault(der []byte, signer *x509.Certificate) ([]byte, error) {
	parsed, err := vault.Parse(der)
	if err != nil {
		return nil, err
	}
	parsed.Certificates = []*x509.Certificate{signer}
	return parsed.Content, parsed.Verify()
}

func verifyMessage(address, folder, name string, document []byte,
	verify func([]byte, *x509.Certificate) ([]byte, error)) error {
	body, err := fetch(address, name)
	if err != nil {
		return err
	}
	der, err := message(body)
	if err != nil {
		return err
	}
	signer, err := certificate(folder, name)
	if err != nil {
		return err
	}
	content, err := verify(der, signer)
	if err != nil {
		return err
	}
	if !bytes.Equal(content, document) {
		return errors.New("the content is not the document")
	}
	return nil
}

// As SPIRE does it (verifyRSASignature).
func verifySignature(address, folder string, document []byte) error {
	body, err := fetch(address, "signature")
	if err != nil {
		return err
	}
	signature, err := base64.StdEncoding.DecodeString(string(body))
	if err != nil {
		return err
	}
	signer, err := certificate(folder, "signature")
	if err != nil {
		return err
	}
	hash := sha256.Sum256(document)
	return rsa.VerifyPKCS1v15(signer.PublicKey.(*rsa.PublicKey), crypto.SHA256, hash[:], signature)
}

func main() {
	address, folder := os.Args[1], os.Args[2]
	document, err := fetch(address, "document")
	if err != nil {
		fmt.Println("document:", err)
		os.Exit(1)
	}
	failed := false
	tell := func(what string, err error) {
		if err != nil {
			failed = true
			fmt.Printf("%s: %v\n", what, err)
			return
		}
		fmt.Printf("%s: verified\n", what)
	}
	tell("signature", verifySignature(address, folder, document))
	for _, name := range []string{"pkcs7", "rsa2048"} { // what Vault accepts
		tell(name+" by vault", verifyMessage(address, folder, name, document, byVault))
	}
	// Without DSA: crypto/x509 gave it up, and with it whoever relies on it.
	tell("rsa2048 by fullsailor/pkcs7", verifyMessage(address, folder, "rsa2048", document, byFullsailor))
	if failed {
		os.Exit(1)
	}
}
