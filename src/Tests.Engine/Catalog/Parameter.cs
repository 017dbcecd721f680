using System.Collections.Immutable;
using Strata.Compiler.Manifest;

namespace Strata.Tests.Engine.Catalog;

/// <summary>One argument that an expectation takes.</summary>
public sealed record Parameter(string Name, ParameterType Type, string Description)
{
    public bool IsRequired { get; init; }

    /// <summary>What holds when the argument is not written.</summary>
    public object? Default { get; init; }

    /// <summary>Whether an explicit null stands for "no such argument" and is allowed even where the argument is required.</summary>
    public bool AllowsNull { get; init; }

    /// <summary>The words of a <see cref="ParameterType.Choice"/>.</summary>
    public ImmutableArray<string> Choices { get; init; } = [];

    /// <summary>Other spellings of the name.</summary>
    public ImmutableArray<string> Aliases { get; init; } = [];

    /// <summary>The argument that, where it is false, says that values are SQL and not literals.</summary>
    public string? QuotedBy { get; init; }

    public static Parameter Required(string name, ParameterType type, string description) =>
        new(name, type, description) { IsRequired = true };

    public static Parameter Optional(
        string name,
        ParameterType type,
        string description,
        object? defaultValue = null
    ) => new(name, type, description) { Default = defaultValue, AllowsNull = true };

    public static Parameter Choice(
        string name,
        string description,
        string defaultValue,
        params ReadOnlySpan<string> choices
    ) => new(name, ParameterType.Choice, description) { Default = defaultValue, Choices = [.. choices] };

    /// <summary>Whether what is written for it is put into the query as SQL, and not as a value or a name.</summary>
    internal bool MayBeSql(IReadOnlyDictionary<string, TestArgument> arguments) =>
        Type
            is ParameterType.Expression
                or ParameterType.Expressions
                or ParameterType.SqlValue
                or ParameterType.Text
        || (QuotedBy is { } quoted && arguments.GetValueOrDefault(quoted)?.Value is false);

    internal bool Answers(string name) => Name == name || Aliases.Contains(name);
}
