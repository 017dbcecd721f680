select {{ star (ref "orders") except: ["AMOUNT"] prefix: "o_" }}
from {{ ref "orders" }}
