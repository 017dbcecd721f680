namespace Strata.Tests.Engine.Memory;

/// <summary>What a test has put down of the data of one run, to hold later data against.</summary>
/// <param name="Content">JSON, of the kind of the test.</param>
public sealed record CheckBaseline(string Content, DateTimeOffset TakenAt);
