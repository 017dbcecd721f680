namespace Strata.Tests.Engine.Planning;

/// <param name="Type">The engine's own type name, or null when it is not known.</param>
public sealed record CheckColumn(string Name, string? Type);
