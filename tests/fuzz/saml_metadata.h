// SPDX-License-Identifier: MIT
// Made by make_saml_corpus.py: whose responses are in corpus/saml/.
#pragma once

// clang-format off
inline constexpr char kSamlMetadata[] = R"xml(<?xml version="1.0"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example/saml">
<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>MIICpzCCAY+gAwIBAgIBATANBgkqhkiG9w0BAQsFADAWMRQwEgYDVQQDDAtpZHAuZXhhbXBsZTAgFw0wMDAxMDEwMDAwMDBaGA8yMTAwMDEwMTAwMDAwMFowFjEUMBIGA1UEAwwLaWRwLmV4YW1wbGUwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQCEkWIjyDK408nkUgYf8j10WKl740phx/kVK62J6ti2LjjP86L06IjIr1nzkYZmF55XyRCBvd1PPeJRSeiv/WSKkmje3KPtLLaAo5E9Iwi5tBAHEA6K53tbAFBUW8ToZe0LJl5NMn4cUO2+pE3lIJ5L91LHGjC5NeIYUkbYRNOrzBqqy11pKQx0rQdsd8mtIqaDAVbTNWWL1fsWiAYbwoVHx/+uPfbsOL2d/SoDuW1tQE5t+cKj1m9Duw7rmhnZ5ipLK4FxMzLBrhl/7+9eP3eaGs+EeeCBkOd29NmW4tn6vXrsI1/pl4urXuRMNDrIHQRShEHRVOO4ikBo4dBaMEPHAgMBAAEwDQYJKoZIhvcNAQELBQADggEBAC5bGKZZY3W9Bq7EvZaJ6GWrdOOUoeEO4nY9SFZNSGYLU8scFujAxx3li09/K26+jt+I1ECjMl2HiCL0ANIJpyk/aB3BQFuMSC9Qe7kiHSqH9Nx7soQK5lJcb0uSJUk/Zj4H8xbTK4QE0KG7XRDAe+xq+EqpsQD2sBoAiRED/cKepSldL/Uc9ivtBip9Flh8a+YX5yEaSzZY0ThF1EwjFZZHEDbbspU4zm+BRTPE/nQH3wkT13lRKUM76TW7LTox3IIjcxDeVXIHkfJvBiUUgmoLKctaGUE8Cu9mddqjZ9OU86MkNbri3Grh6OX8FykqhCG0WWtTtp8cQz4caiQOYNg=</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.example/sso"/>
</md:IDPSSODescriptor>
</md:EntityDescriptor>
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    )xml";
// clang-format on
