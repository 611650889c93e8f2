from firebreak.detect.secrets.aws import RULES, names_account


def test_an_id_opens_with_the_number_of_an_account():
    assert names_account("AKIA" + "Q3EGRZ5XWY7TNBMK")
    assert not names_account("AKIA" + "1111111111111111")
    assert not names_account("AKIA" + "7" * 16)  # 1,099,511,627,775 has 13 digits


def test_an_id_that_is_no_base32_is_found_all_the_same():
    (rule,) = (rule for rule in RULES if rule.id == "aws-access-key-id")
    assert rule.finds("AKIA" + "Q3EGRZ5XWY80NBMK")
