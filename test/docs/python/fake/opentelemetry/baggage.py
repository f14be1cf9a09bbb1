entries = {}


def get_baggage(name):
    return entries.get(name)
