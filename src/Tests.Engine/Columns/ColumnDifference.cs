namespace Strata.Tests.Engine.Columns;

/// <summary>One column that is not as it was, or not as it was declared.</summary>
/// <param name="Before">Its type; for <see cref="ColumnChange.Reordered"/> its place. Null where the column was not there.</param>
/// <param name="Now">The same now.</param>
public sealed record ColumnDifference(ColumnChange Change, string Name, string? Before, string? Now)
{
    /// <summary>The difference as one writes it in a patch: <c>+ note text</c>, <c>~ amount integer -> bigint</c>.</summary>
    public override string ToString() =>
        Change switch
        {
            ColumnChange.Added => Joined("+", Name, Now),
            ColumnChange.Removed => Joined("-", Name, Before),
            ColumnChange.Retyped => $"~ {Name} {Before} -> {Now}",
            _ => $"> {Name} {Before} -> {Now}",
        };

    // a declared column need not have a type
    private static string Joined(string sign, string name, string? type) =>
        string.IsNullOrEmpty(type) ? $"{sign} {name}" : $"{sign} {name} {type}";
}
