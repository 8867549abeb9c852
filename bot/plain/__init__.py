"""Plain: whether words that people read are plain, free of duty and reward, and say nothing against anybody.

``measures`` counts sentences and words, ``avoid`` knows the words that have no place, ``common`` those that a beginner
knows, and ``remarks`` says it of a script, at its line. Pure: texts in, findings out.
"""
