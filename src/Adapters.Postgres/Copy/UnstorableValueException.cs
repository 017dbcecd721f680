namespace Strata.Adapters.Postgres.Copy;

/// <summary>A value that the receiving side has no place for; becomes a data error that names column and row.</summary>
internal sealed class UnstorableValueException(string reason, string? hint = null) : Exception(reason)
{
    public string? Hint { get; } = hint;
}
