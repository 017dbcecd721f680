namespace Strata.Runner.UnitTests;

/// <summary>What kind of value a column holds, by its type as an engine writes it.</summary>
internal static class ColumnKinds
{
    public static bool IsNumber(string type) =>
        Word(type)
            is "tinyint"
                or "smallint"
                or "integer"
                or "int"
                or "bigint"
                or "hugeint"
                or "utinyint"
                or "usmallint"
                or "uinteger"
                or "ubigint"
                or "uhugeint"
                or "decimal"
                or "numeric"
                or "float"
                or "real"
                or "double"
                or "double precision";

    public static bool IsText(string type) =>
        Word(type) is "varchar" or "text" or "character varying" or "character" or "char" or "bpchar";

    /// <summary>Whether its texts are filled up with blanks.</summary>
    public static bool IsPadded(string type) => Word(type) is "character" or "char" or "bpchar";

    // lists of numbers are no numbers
    private static string Word(string type) =>
        type.EndsWith(']') ? "list" : type.Split('(')[0].Trim().ToLowerInvariant();
}
