from django.urls import path

from lianshang.chain.views import attracting, balances, books, enterprises, maps, overview, scenarios, stating, trying

app_name = "chain"
urlpatterns = [
    path("chain/", overview.overview, name="overview"),
    path("chain/balance/", balances.balance, name="balance"),
    path("chain/products/<str:code>/", balances.product, name="product"),
    path("chain/processes/", balances.processes, name="processes"),
    path("chain/processes/<str:code>/", balances.process, name="process"),
    path("chain/map/", maps.chain_map, name="map"),
    path("chain/map/picture/", maps.picture, name="picture"),
    path("chain/critical/", enterprises.critical, name="critical"),
    path("chain/enterprises/<str:code>/", enterprises.enterprise, name="enterprise"),
    path("chain/enterprises/<str:code>/runs/", stating.state, name="runs"),
    path("chain/candidates/", attracting.listing, name="candidates"),
    path("chain/what-if/", trying.what_if, name="what-if"),
    path("chain/books/", books.books, name="books"),
    path("chain/books/download/", books.download, name="books-download"),
    path("chain/scenarios/", scenarios.scenarios, name="scenarios"),
    path("chain/scenarios/save/", scenarios.save, name="scenario-save"),
    path("chain/scenarios/<uuid:key>/shelve/", scenarios.shelve, name="scenario-shelve"),
]
