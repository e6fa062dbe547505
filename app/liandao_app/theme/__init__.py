"""How the counter looks: tokens, fonts, icons and the style sheet made of them."""
