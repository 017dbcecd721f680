namespace Strata.Adapters.Conformance.Suites;

/// <summary>One list of names that a careless engine, or a careless caller, breaks on.</summary>
public static class HostileNames
{
    public static TheoryData<string> All { get; } =
        new()
        {
            "we\"ird na.me",
            "\"",
            "\"\"quoted\"\"",
            "it's",
            "back\\slash",
            "new\nline",
            "tab\tname",
            "semi;colon -- comment",
            "/* open",
            "$tag$",
            "{{ ref }}",
            "@at :colon ?",
            "%percent%",
            "select",
            "table",
            "user",
            "from",
            "MixedCase",
            "mixedcase",
            "UPPER",
            " leading and trailing ",
            "1starts_with_digit",
            "größe",
            "naïve",
            "日本語の表",
            "таблица",
            "اسم",
            "🦆 duck",
            "e\u0301 combining",
            "İstanbul",
            new string('a', 63),
            new string('é', 31),
        };
}
