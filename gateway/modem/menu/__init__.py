"""The network's menus (USSD), and the balance that they tell."""
