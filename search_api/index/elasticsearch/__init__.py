"""The engine beyond one machine: an Elasticsearch, chosen by DIEMBAO_INDEX."""

from search_api.index.elasticsearch.engine import ElasticsearchIndex

__all__ = ["ElasticsearchIndex"]
