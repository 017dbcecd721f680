using System.Collections.Immutable;

namespace Strata.Compiler.Sql;

/// <summary>
/// How one engine spells things: pure functions over text, no connection. What an engine can *do* is a
/// capability of its adapter; what it is *called* is here.
/// </summary>
public abstract class SqlDialect
{
    public abstract EngineType Engine { get; }

    /// <summary>The name used in configuration, dispatch and messages: <c>duckdb</c>, <c>postgres</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The longest identifier the engine keeps whole, in UTF-8 bytes.</summary>
    public abstract int MaxIdentifierBytes { get; }

    /// <summary>Whether names that differ only in case are the same, quoted or not.</summary>
    public virtual bool FoldsCase => false;

    /// <summary>Which names are of one relation.</summary>
    public IEqualityComparer<RelationName> RelationNames =>
        FoldsCase ? RelationName.IgnoringCase : EqualityComparer<RelationName>.Default;

    /// <summary>Whether a value is cast by itself where it is compared with another type, or written into a column of one.</summary>
    public virtual bool ComparesAcrossTypes => false;

    /// <summary>
    /// What keeps the grants, the options, the owner and the comment of a view that is made again in one transaction: a statement for before,
    /// and one for after. Null where the engine has no such thing.
    /// </summary>
    public virtual (string Remember, string GiveBack)? RightsOf(RelationName view) => null;

    /// <summary>A text as the number it spells, whole or not, to compare others with.</summary>
    public abstract string TextAsNumber(string expression);

    /// <summary>The identifier in double quotes, with inner quotes doubled.</summary>
    public virtual string QuoteIdentifier(string identifier) =>
        '"' + identifier.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';

    /// <summary>A string literal that no setting of the engine can make it read differently.</summary>
    public virtual string QuoteString(string value) =>
        '\'' + value.Replace("'", "''", StringComparison.Ordinal) + '\'';

    public string Quote(RelationName relation) =>
        (relation.Catalog is { } catalog ? QuoteIdentifier(catalog) + "." : "")
        + $"{QuoteIdentifier(relation.Schema)}.{QuoteIdentifier(relation.Name)}";

    /// <summary>The full name of a table that only its session sees, which is gone with it.</summary>
    public abstract RelationName Temporary(string name);

    /// <summary>
    /// The full name of a table that all sessions of this process see and that is gone with it, neither logged nor compressed; null
    /// where the engine has none.
    /// </summary>
    public virtual RelationName? InMemory(string name) => null;

    /// <summary>
    /// The setting of a table that keeps the server from tending it by itself, which would lock it while its publish renames it;
    /// null where no engine does that.
    /// </summary>
    public virtual string? Untended => null;

    /// <summary>A boolean expression that is true for equal values and for two nulls, never null itself.</summary>
    public virtual string NullSafeEquals(string left, string right) => $"{left} is not distinct from {right}";

    /// <summary>The pseudo column that tells a table's rows apart, within one statement.</summary>
    public virtual string RowAddress => "rowid";

    /// <summary>Whether a join by address reads all that lies between its rows, unless it is told by <see cref="AddressBlocks"/>.</summary>
    public virtual bool ScansForAddresses => false;

    /// <summary>Columns that every table has by itself, so that none can be called so, or would hide what tells rows apart.</summary>
    public virtual ImmutableArray<string> SystemColumns => [];

    /// <summary>Whether a name is one of <see cref="SystemColumns"/>.</summary>
    public bool IsSystemColumn(string name) =>
        SystemColumns.Contains(name, FoldsCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    /// <summary>
    /// An aggregate over a table's rows that is another number once rows have come, gone or changed, as sure as a hash is; null where a row
    /// that changes keeps its address.
    /// </summary>
    public virtual string? AddressDigest => null;

    /// <summary>A form of a value that can be compared, grouped and sorted: for types that have no equality, or whose equal
    /// values are not the same (30 days are a month).</summary>
    public virtual string Comparable(string expression, string type) => expression;

    /// <summary>
    /// A form of a value in which those that are not the same differ, though the engine takes them for equal. Zeros are the same whatever
    /// their sign: a DuckDB file does not always keep it, and what is copied from one brings now this, now that.
    /// </summary>
    protected virtual string Identical(string expression, string type) => Comparable(expression, type);

    /// <summary>True where two values of a type are not the same; never null.</summary>
    public string Differ(string left, string right, string type) =>
        $"{Identical(left, type)} is distinct from {Identical(right, type)}";

    /// <summary>
    /// A pseudo column that tells apart rows of one <see cref="RowAddress"/>, which a table may have that has partitions or children; null
    /// where an address is enough.
    /// </summary>
    public virtual string? RowPart => null;

    /// <summary>
    /// A value of a type such that equal values of it have the same text, which 1.0 and 1.00 do not have where a type has no scale, nor the two
    /// zeros of a floating point number.
    /// </summary>
    public virtual string Canonical(string expression, string type) =>
        IsFloat(type)
            ? $"case when {expression} = 0 then cast(0 as {type}) else {expression} end"
            : expression;

    private static bool IsFloat(string type) =>
        type.ToUpperInvariant() is "DOUBLE" or "FLOAT" or "REAL" or "DOUBLE PRECISION";

    /// <summary>The type of JSON values.</summary>
    public virtual string JsonType => "json";

    /// <summary>JSON text, as a literal, read as a list, a struct or a map.</summary>
    public virtual string FromJson(string literal, string type) => $"cast(cast({literal} as json) as {type})";

    /// <summary>The engine's spelling of a type that every engine has.</summary>
    public abstract string TypeName(SqlType type);
}
