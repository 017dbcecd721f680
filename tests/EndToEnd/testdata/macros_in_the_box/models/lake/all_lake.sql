{{ union_relations [ref("keys_lake"), ref("share_lake")] }}
