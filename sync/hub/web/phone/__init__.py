"""What reaches a pass on a phone: the pass page, links to it, visitors' registration, posters."""
