{{ union_relations [ref("keys_gold"), ref("share_gold")] }}
