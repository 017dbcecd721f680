namespace Strata.Bench;

/// <summary>A measurement that prints its figures, each as a ratio against a budget or against something run beside it.</summary>
internal interface IBenchmark
{
    string Name { get; }

    void Run(TextWriter output);
}
