# SPDX-License-Identifier: MIT
"""Identity providers from creation to deletion, as boto3 sees them."""

from __future__ import annotations

from datetime import datetime, timezone

from support.daemon import ACCOUNT
from support.iam import refusal

METADATA = ('<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example"'
            f' validUntil="2100-01-01T00:00:00Z">{" " * 1000}</EntityDescriptor>')


def test_an_oidc_provider_lives_from_creation_to_deletion(own_iam) -> None:
    thumbprint = "a" * 40
    arn = own_iam.create_open_id_connect_provider(
        Url="https://id.example.com/t", ClientIDList=["one"], ThumbprintList=[thumbprint],
        Tags=[{"Key": "k", "Value": "v"}])["OpenIDConnectProviderArn"]
    assert arn == f"arn:aws:iam::{ACCOUNT}:oidc-provider/id.example.com/t"
    provider = {"OpenIDConnectProviderArn": arn}
    own_iam.add_client_id_to_open_id_connect_provider(**provider, ClientID="two")
    own_iam.remove_client_id_from_open_id_connect_provider(**provider, ClientID="one")
    own_iam.update_open_id_connect_provider_thumbprint(**provider, ThumbprintList=["b" * 40])
    got = own_iam.get_open_id_connect_provider(**provider)
    assert (got["Url"], got["ClientIDList"], got["ThumbprintList"]) == ("id.example.com/t", ["two"], ["b" * 40])
    assert own_iam.list_open_id_connect_providers()["OpenIDConnectProviderList"] == [{"Arn": arn}]
    own_iam.tag_open_id_connect_provider(**provider, Tags=[{"Key": "l", "Value": "w"}])
    own_iam.untag_open_id_connect_provider(**provider, TagKeys=["k"])
    assert own_iam.list_open_id_connect_provider_tags(**provider)["Tags"] == [{"Key": "l", "Value": "w"}]
    assert refusal(own_iam.create_open_id_connect_provider, Url="https://id.example.com/t") == (409, "EntityAlreadyExists")
    own_iam.delete_open_id_connect_provider(**provider)
    assert refusal(own_iam.get_open_id_connect_provider, **provider) == (404, "NoSuchEntity")


def test_a_saml_provider_lives_from_creation_to_deletion(own_iam) -> None:
    arn = own_iam.create_saml_provider(Name="walk", SAMLMetadataDocument=METADATA)["SAMLProviderArn"]
    assert arn == f"arn:aws:iam::{ACCOUNT}:saml-provider/walk"
    got = own_iam.get_saml_provider(SAMLProviderArn=arn)
    assert got["SAMLMetadataDocument"] == METADATA
    assert got["ValidUntil"] == datetime(2100, 1, 1, tzinfo=timezone.utc)
    assert [each["Arn"] for each in own_iam.list_saml_providers()["SAMLProviderList"]] == [arn]
    assert refusal(own_iam.update_saml_provider, SAMLProviderArn=arn, SAMLMetadataDocument="x" * 1000) == (
        400, "InvalidInput")
    assert own_iam.update_saml_provider(SAMLProviderArn=arn, SAMLMetadataDocument=METADATA)["SAMLProviderArn"] == arn
    own_iam.tag_saml_provider(SAMLProviderArn=arn, Tags=[{"Key": "k", "Value": "v"}])
    assert own_iam.list_saml_provider_tags(SAMLProviderArn=arn)["Tags"] == [{"Key": "k", "Value": "v"}]
    own_iam.untag_saml_provider(SAMLProviderArn=arn, TagKeys=["k"])
    own_iam.delete_saml_provider(SAMLProviderArn=arn)
    assert refusal(own_iam.get_saml_provider, SAMLProviderArn=arn) == (404, "NoSuchEntity")
