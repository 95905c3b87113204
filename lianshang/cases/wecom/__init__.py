"""企业微信: what its servers send to an application's address, and what is answered, by the scheme that it documents."""
