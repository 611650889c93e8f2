import json

from firebreak.edge.envoy.identity import caller_filters, caller_mutations, caller_tls, caller_tls_files
from firebreak.edge.envoy.options import EnvoyOptions, Provider

OPENAI = Provider("openai", "openai", "api.openai.com", "/openai")
PLAIN = EnvoyOptions(providers=(OPENAI,), admin_socket="/run/firebreak/admin.sock")
MUTUAL = EnvoyOptions(providers=(OPENAI,), admin_socket="/run/firebreak/admin.sock", tls_dir="/etc/tls")
TOKEN = EnvoyOptions(providers=(OPENAI,), token_header="x-firebreak-caller-token")


def test_without_the_options_nothing_is_added() -> None:
    assert caller_mutations(PLAIN) == caller_filters(PLAIN) == []
    assert caller_tls(PLAIN) == caller_tls_files(PLAIN) == {}


def test_what_a_client_sent_under_our_names_goes_before_the_proof_comes() -> None:
    removed, added = caller_mutations(MUTUAL)
    assert removed == {"remove": "firebreak-caller-uri"}
    assert added["append"]["header"] == {"key": "firebreak-caller-uri", "value": "%DOWNSTREAM_PEER_URI_SAN%"}
    removed, added = caller_mutations(TOKEN)
    assert removed == {"remove": "firebreak-caller-proof"}
    assert added["append"]["header"]["value"] == "%REQ(x-firebreak-caller-token)%"


def test_behind_the_check_both_are_taken_off() -> None:
    for options in (MUTUAL, TOKEN):
        (behind,) = caller_filters(options)
        assert behind["typed_config"]["mutations"]["request_mutations"] == [
            {"remove": "firebreak-caller-uri"},
            {"remove": "firebreak-caller-proof"},
        ]


def test_a_client_needs_a_certificate_at_every_connection() -> None:
    context = caller_tls(MUTUAL)["transport_socket"]["typed_config"]
    assert context["require_client_certificate"] is True
    assert context["disable_stateless_session_resumption"] is True
    assert context["disable_stateful_session_resumption"] is True


def test_the_files_say_where_certificates_lie_and_hold_none() -> None:
    files = {name: json.loads(text)["resources"][0] for name, text in caller_tls_files(MUTUAL).items()}
    certificate = files["/run/firebreak/gateway_certificate.json"]
    assert certificate["tls_certificate"]["private_key"] == {"filename": "/etc/tls/tls.key"}
    authority = files["/run/firebreak/gateway_authority.json"]
    assert authority["validation_context"]["trusted_ca"] == {"filename": "/etc/tls/ca.crt"}
    common = caller_tls(MUTUAL)["transport_socket"]["typed_config"]["common_tls_context"]
    (named,) = common["tls_certificate_sds_secret_configs"]
    assert named["name"] == certificate["name"]
    assert common["validation_context_sds_secret_config"]["name"] == authority["name"]
