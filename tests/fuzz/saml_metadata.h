// SPDX-License-Identifier: MIT
// Made by make_saml_corpus.py: whose responses are in corpus/saml/.
#pragma once

// clang-format off
inline constexpr char kSamlMetadata[] = R"xml(<?xml version="1.0"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example/saml">
<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>MIICpzCCAY+gAwIBAgIBATANBgkqhkiG9w0BAQsFADAWMRQwEgYDVQQDDAtpZHAuZXhhbXBsZTAgFw0wMDAxMDEwMDAwMDBaGA8yMTAwMDEwMTAwMDAwMFowFjEUMBIGA1UEAwwLaWRwLmV4YW1wbGUwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQDAS8dRd++gJh60+hv7Fl1ywGD/5HXcZMpL7JaHu7dCiDmUSUPtZThCiBK3iS891byJFQmjcV+CIewLurVMAxcL43i1J0Hc4hI4TNhcL26WLvhezzyEwi9WrX168N4eZkysJ1t0xz0IoLXmf7Mu7XgbCkLIyBmg28IjjWWodyeJW4loIB8fVGKNZVE8x7az7CGOY87vU9T5F5rCov43JaDPgkfscemnJTVRqk0VUxSv2SKSFVrY62k8zcpaCKFn4NsgytRq7zFoJaSB7MfrqI3pZQMfH1R59IahbXXqMLI8YCMpYAn68Nl7luL8hMEtm/hRLTH2B6+bKLNAhr0oPGQDAgMBAAEwDQYJKoZIhvcNAQELBQADggEBAA6GFaEO78onkYM5xPYRZ6nFty+4oOd0EsMuIowe/tm217dT6COhc8PJ4aStoheRD7GsoV7YsomoBvOt2dlDSM0V27CVsBpxUkxJ5R2hX9nbS2DAY7uDqjX6qV3XdPsO1c8xbjSRNvz06eohG/oF47t2TdUqtCY+tp1YRNsPDbv8W685SAjvuwH0vocOZvHypbWTOPLqWj9tgWlBeQ2nhP0eti8BjZLAE/a8WJhyvjwwepFbUZPlCGyWd6IKsYQxTjJHmtSnteoeGOOgwbA6ejbvCy0Tf4AtKDWW0NAmFLAqnb6IK7HxkiYLxaUFr3rWH/j4BpqQjb/6gEow2nHbIiQ=</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.example/sso"/>
</md:IDPSSODescriptor>
</md:EntityDescriptor>
)xml";
// clang-format on
