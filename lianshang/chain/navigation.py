"""What the chain shows in the navigation, by role."""

from lianshang.chain.access import READERS

ENTRIES = (
    {
        "label": "产业链",
        "url": "chain:overview",
        "roles": READERS,
        "icon": "topology-star-3",
        "group": "企业",
        "order": 50,
    },
)
