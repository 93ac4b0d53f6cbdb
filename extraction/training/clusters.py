"""Word classes learned from the unlabelled press: what stands where in the press, without a text.

Each cased syllable form gets three class numbers (k-means over word vectors, coarse to fine). Written
as `lexicons/clusters.tsv.gz`: form, classes. Needs gensim and scikit-learn; run by hand, since the
result is kept in the repository.
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from extraction.tagging.attributes import cased
from extraction.tagging.tokens import tokenize
from extraction.training.unlabelled import read_news

if TYPE_CHECKING:
    from collections.abc import Iterator

GRANULARITIES = (48, 200, 800)
TARGET = Path(__file__).parent.parent / "lexicons" / "clusters.tsv.gz"


def sentences(shared: Path) -> Iterator[list[str]]:
    """The lines of the news as cased forms."""
    for article in read_news(shared):
        for line in article.text.split("\n"):
            forms = [cased(line[start:end]) for start, end in tokenize(line)]
            if len(forms) > 2:
                yield forms


def build(shared: Path, target: Path = TARGET) -> int:
    """Learn the classes and write them; the number of forms."""
    from gensim.models import Word2Vec
    from sklearn.cluster import KMeans
    from sklearn.decomposition import PCA

    model = Word2Vec(
        list(sentences(shared)), vector_size=100, window=4, min_count=6, sg=1, negative=8,
        epochs=6, workers=1, seed=7, sample=1e-4,
    )  # fmt: skip
    forms = model.wv.index_to_key
    vectors = model.wv.vectors / np.linalg.norm(model.wv.vectors, axis=1, keepdims=True)
    reduced = PCA(40, random_state=7).fit_transform(vectors)
    classes = [
        KMeans(k, n_init=2, max_iter=60, random_state=7).fit_predict(reduced) for k in GRANULARITIES
    ]
    with gzip.GzipFile(target, "wb", mtime=0) as file:
        for row in sorted(zip(forms, *classes, strict=True)):
            file.write(("\t".join(map(str, row)) + "\n").encode())
    return len(forms)


if __name__ == "__main__":
    print(build(Path(sys.argv[1])))
