namespace Strata.Compiler.Manifest.Tests;

/// <summary>What is kept of test results, and how much of a failure is shown.</summary>
/// <param name="Keep">How many runs of each test its history holds; 0 keeps none.</param>
/// <param name="Samples">How many failing rows are shown; 0 shows none.</param>
public sealed record TestResultsConfig(int Keep = 100, int Samples = 5);
