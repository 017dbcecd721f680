namespace Strata.Tests.Engine.Catalog;

/// <summary>What is wrong with an argument.</summary>
/// <param name="Parameter">The argument to point at; null for the test as a whole.</param>
public sealed record ArgumentProblem(string? Parameter, string Message, string? Hint = null);
