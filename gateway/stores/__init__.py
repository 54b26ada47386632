"""The stores of a gateway as its operator keeps them: who they are, and what the broker lets them.

It changes files and asks the gateway that runs to read them; it knows neither jobs nor persons.
"""
