"""An index on a server that shards and replicates: Qdrant."""
