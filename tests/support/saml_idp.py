# SPDX-License-Identifier: MIT
"""A SAML identity provider: metadata, and responses for AWS, signed by signxml with a key made for the run."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from xml.sax.saxutils import escape, quoteattr

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml import CanonicalizationMethod, DigestAlgorithm, SignatureConstructionMethod, SignatureMethod, XMLSigner

ENTITY_ID = "https://idp.example/saml"
ENDPOINT = "https://signin.aws.amazon.com/saml"
AWS = "https://aws.amazon.com/SAML/Attributes/"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
_SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
_SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
_DSIG = "http://www.w3.org/2000/09/xmldsig#"


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class SamlIdp:
    def __init__(self, entity_id: str = ENTITY_ID, *, curve: bool = False) -> None:
        self.entity_id = entity_id
        self._key = (ec.generate_private_key(ec.SECP256R1()) if curve
                     else rsa.generate_private_key(public_exponent=65537, key_size=2048))
        self._method = SignatureMethod.ECDSA_SHA256 if curve else SignatureMethod.RSA_SHA256
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp.example")])
        self._certificate = (
            x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(self._key.public_key())
            .serial_number(1).not_valid_before(datetime(2000, 1, 1)).not_valid_after(datetime(2100, 1, 1))
            .sign(self._key, hashes.SHA256()))

    @property
    def certificate(self) -> str:
        """DER in base64."""
        return base64.b64encode(self._certificate.public_bytes(serialization.Encoding.DER)).decode()

    def metadata(self) -> str:
        return (f'<?xml version="1.0"?>\n<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"'
                f' entityID={quoteattr(self.entity_id)}>\n<md:IDPSSODescriptor'
                f' protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">\n'
                f'<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">'
                f'<ds:X509Data><ds:X509Certificate>{self.certificate}</ds:X509Certificate></ds:X509Data>'
                f'</ds:KeyInfo></md:KeyDescriptor>\n<md:SingleSignOnService'
                f' Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.example/sso"/>\n'
                f'</md:IDPSSODescriptor>\n</md:EntityDescriptor>\n' + " " * 500)  # it has 1,000 characters at least

    def response(self, attributes: Mapping[str, Sequence[str]], *, subject: str = "alice", fmt: str = PERSISTENT,
                 recipient: str = ENDPOINT, audience: str = "urn:amazon:webservices",
                 lifetime: timedelta = timedelta(minutes=5), session_ends: datetime | None = None,
                 status: str = _SUCCESS, issued: datetime | None = None) -> etree._Element:
        """A response that is not signed. Attributes without a colon are AWS's."""
        now = issued or datetime.now(timezone.utc)
        end = _time(now + lifetime)
        session = f' SessionNotOnOrAfter="{_time(session_ends)}"' if session_ends else ""
        statements = "".join(
            f"<saml:Attribute Name={quoteattr(name if '//' in name or name.startswith('urn:') else AWS + name)}>"
            + "".join(f"<saml:AttributeValue>{escape(value)}</saml:AttributeValue>" for value in values)
            + "</saml:Attribute>" for name, values in attributes.items())
        issuer = f'<saml:Issuer>{escape(self.entity_id)}</saml:Issuer>'
        return etree.fromstring(
            f'<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="{_SAML}"'
            f' ID="_r1" Version="2.0" IssueInstant="{_time(now)}">{issuer}'
            f'<samlp:Status><samlp:StatusCode Value="{status}"/></samlp:Status>'
            f'<saml:Assertion ID="_a1" Version="2.0" IssueInstant="{_time(now)}">{issuer}'
            f'<saml:Subject><saml:NameID Format="{fmt}">{escape(subject)}</saml:NameID>'
            f'<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">'
            f'<saml:SubjectConfirmationData NotOnOrAfter="{end}" Recipient={quoteattr(recipient)}/>'
            f'</saml:SubjectConfirmation></saml:Subject>'
            f'<saml:Conditions NotBefore="{_time(now)}" NotOnOrAfter="{end}"><saml:AudienceRestriction>'
            f'<saml:Audience>{escape(audience)}</saml:Audience></saml:AudienceRestriction></saml:Conditions>'
            f'<saml:AuthnStatement AuthnInstant="{_time(now)}"{session}><saml:AuthnContext>'
            f'<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>'
            f'</saml:AuthnContext></saml:AuthnStatement>'
            f'<saml:AttributeStatement>{statements}</saml:AttributeStatement></saml:Assertion></samlp:Response>')

    def signed(self, response: etree._Element, *, whole: bool = False) -> bytes:
        """The response with its assertion signed; with `whole` the response instead."""
        element = response if whole else response.find(f"{{{_SAML}}}Assertion")
        element.insert(1, etree.Element(f"{{{_DSIG}}}Signature", Id="placeholder", nsmap={"ds": _DSIG}))
        signer = XMLSigner(method=SignatureConstructionMethod.enveloped, signature_algorithm=self._method,
                           digest_algorithm=DigestAlgorithm.SHA256,
                           c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0)
        signed = etree.tostring(
            signer.sign(element, key=self._key, cert=[self._certificate], reference_uri=element.get("ID")))
        if whole:
            return signed
        # As text: moved in the tree, an element loses prefixes that were signed.
        element.getparent().replace(element, etree.Comment("assertion"))
        return etree.tostring(response).replace(b"<!--assertion-->", signed)

    def assertion(self, attributes: Mapping[str, Sequence[str]], *, whole: bool = False, **more) -> str:
        """SAMLAssertion, the parameter of AssumeRoleWithSAML."""
        return base64.b64encode(self.signed(self.response(attributes, **more), whole=whole)).decode()
