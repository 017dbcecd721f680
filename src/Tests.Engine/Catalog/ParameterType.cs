namespace Strata.Tests.Engine.Catalog;

/// <summary>What a parameter of an expectation takes. Decides how a value is checked and how it is written as SQL.</summary>
public enum ParameterType
{
    Boolean,
    Integer,
    Number,

    /// <summary>A number from 0 to 1.</summary>
    Fraction,

    Text,

    /// <summary>One of a fixed list of words.</summary>
    Choice,

    /// <summary>A value that the tested column is compared with: a number, text, a date, true or false.</summary>
    Value,

    /// <summary>A list of <see cref="Value"/>.</summary>
    Values,

    /// <summary>A list of lists of <see cref="Value"/>.</summary>
    Tuples,

    /// <summary>A regular expression of the engine.</summary>
    Pattern,

    /// <summary>A list of text.</summary>
    Texts,

    /// <summary>The name of a column of the tested relation.</summary>
    Column,

    /// <summary>A list of <see cref="Column"/>.</summary>
    Columns,

    /// <summary>A SQL expression over the tested relation; a column's name is one.</summary>
    Expression,

    /// <summary>A list of <see cref="Expression"/>.</summary>
    Expressions,

    /// <summary>A number, or text that is put into the query as SQL (the convention of dbt packages).</summary>
    SqlValue,

    /// <summary>Another relation: a <c>ref</c> or a <c>source</c>.</summary>
    Relation,

    /// <summary>A mapping whose keys the expectation explains.</summary>
    Map,

    /// <summary>A list of numbers, or a mapping of them.</summary>
    Numbers,

    /// <summary>A length of time: <c>{count: 6, period: hour}</c>.</summary>
    Period,
}
