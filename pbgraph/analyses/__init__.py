"""Questions to a network: one module per family, Network in, one frame out.

    coverage     which units the organization reaches, and the rates
    management   direct and dual management
    co_building  agreements and projects
    membership   members of each organization
    committees   seats, teams, terms, interlocks
    activities   meetings and how often
    structure    components, bridges, brokers, ties across groups
    assessment   every rule as findings

Relational measures are written once, as Narwhals lazy expressions over `network.lazy()`.
"""
