from lianshang.chain.analysis.balance import balances
from lianshang.chain.analysis.findings import LABELS, kinds
from lianshang.chain.drawings import BOUGHT, MOST_NODES, SOLD, sankey
from lianshang.chain.tests.parks import demo_park, random_park


def test_map_shows_at_most_sixty_nodes_and_says_what_is_left_out():
    lines = balances(demo_park())

    drawing = sankey(demo_park(), lines)

    assert len(drawing.nodes) <= MOST_NODES
    assert len([node for node in drawing.nodes if node.code]) + drawing.left_out == len(lines)


def test_map_marks_what_is_wrong_in_words_and_by_shape():
    lines = balances(demo_park())

    for node in sankey(demo_park(), lines, stage="upstream").nodes:
        if node.code:
            wrong = set(kinds(lines[node.code], demo_park().network)) - LABELS
            assert bool(node.says) == bool(node.mark) == bool(wrong)


def test_map_opened_at_a_product_shows_its_enterprises_and_loses_nothing():
    line = balances(demo_park())["COG"]

    drawing = sankey(demo_park(), balances(demo_park()), product="COG")

    given = {band.target.label: band.quantity for band in drawing.bands if band.source.code == "COG"}
    assert sum(given.values()) - line.supply < 1e-6
    assert {"贵州美锦华宇新能源有限公司", "示范氢源科技有限公司", "示范液化天然气有限公司", SOLD} == given.keys()


def test_map_of_a_lack_says_that_it_is_bought():
    drawing = sankey(demo_park(), balances(demo_park()), product="WCOAL")

    assert next(band.quantity for band in drawing.bands if band.source.label == BOUGHT) == 213600


def test_map_nodes_stand_inside_and_do_not_overlap():
    for park in (demo_park(), *(random_park(seed) for seed in range(30))):
        drawing = sankey(park, balances(park))
        for column in range(3):
            nodes = sorted((node for node in drawing.nodes if node.column == column), key=lambda node: node.top)
            assert all(node.top >= 0 and node.top + node.height <= drawing.height for node in nodes)
            ends = [node.top + node.height for node in nodes]
            assert all(end <= after.top for end, after in zip(ends, nodes[1:], strict=False))
