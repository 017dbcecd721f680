select sum(sqrt(a.range)) as n from range(10000000) a, range(1000000) b
