namespace Strata.Tests.Engine.Reconciling;

/// <summary>What the values of a pair of columns are brought to, so that equal values are equal text on every engine.</summary>
internal enum Representation
{
    Boolean,

    /// <summary>Whole numbers of any width.</summary>
    Whole,

    /// <summary>Exact numbers, whatever their scale: 1.10 is 1.1.</summary>
    Exact,

    /// <summary>Floating point, to so many significant digits; -0 is 0.</summary>
    Float,

    /// <summary>Dates and timestamps, as microseconds since 1970 in UTC, or infinite.</summary>
    Instant,

    Time,
    Uuid,
    Text,

    /// <summary>Bytes, in hex.</summary>
    Bytes,
}
