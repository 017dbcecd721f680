{{ unpivot (ref "orders") exclude: ["id"] remove: ["day", "amount"] }}
