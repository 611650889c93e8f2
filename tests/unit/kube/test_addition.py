from firebreak.kube.addition import Addition, into_list


def test_an_addition_is_an_operation_of_a_json_patch() -> None:
    addition = Addition(("metadata", "annotations", "firebreak.dev/a~b"), "x").below(("items", 3))
    assert addition.operation() == {
        "op": "add",
        "path": "/items/3/metadata/annotations/firebreak.dev~1a~0b",
        "value": "x",
    }


def test_an_absent_list_is_made_and_a_present_one_grows_in_order() -> None:
    assert into_list(("v",), None, [1, 2], front=False) == [Addition(("v",), [1, 2])]
    assert into_list(("v",), [], [1, 2], front=False) == [Addition(("v", "-"), 1), Addition(("v", "-"), 2)]
    assert into_list(("v",), [0], [1, 2], front=True) == [Addition(("v", 0), 1), Addition(("v", 1), 2)]
    assert into_list(("v",), None, [], front=True) == []
