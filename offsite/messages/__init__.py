"""Messages to people: whom to tell, in which words, by which channel, and what to do when nobody reads them.

A message holds a severity word, opaque references, what a role must act on by when, and a link that needs a sign-in;
never a name, initials, a reason, a provider or a health word.
"""
