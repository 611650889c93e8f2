from firebreak.edge.probe import serving


def test_nobody_there_is_not_serving(tmp_path):
    assert serving(f"unix:{tmp_path}/none.sock", 0.2) is False
