from firebreak.cli import serve as module
from firebreak.cli.main import main


def test_a_worker_is_started_as_the_service_was(tmp_path, monkeypatch):
    config = tmp_path / "firebreak.yaml"
    config.write_text("workers: 2\n", encoding="utf-8")
    seen = []

    def serve(settings, again):
        seen.append((settings.workers, again))
        return 0

    monkeypatch.setattr(module, "serve", serve)
    assert main(["serve", "--config", str(config)]) == 0
    assert main(["serve"]) == 0
    assert seen == [(2, ["serve", "--config", str(config)]), (1, ["serve"])]
