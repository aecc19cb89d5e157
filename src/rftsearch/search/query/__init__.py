"""Understanding a query: names, ids, seeds, the query's vector."""
