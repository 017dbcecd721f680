namespace Strata.Compiler.Templating;

/// <summary>
/// What one render may use. Every limit holds inside built-in functions too; going over one is an error
/// that names it. The defaults are far above what SQL needs and far below what harms a machine.
/// </summary>
public sealed record TemplateLimits
{
    public static readonly TemplateLimits Default = new();

    /// <summary>Iterations of one outermost loop, nested ones and those inside built-ins included; 0 for no limit.</summary>
    public int Iterations { get; init; } = 1_000_000;

    /// <summary>How deep functions, macros and includes may call each other.</summary>
    public int Recursion { get; init; } = 100;

    /// <summary>Characters of the output, and of any string made on the way; 0 for no limit.</summary>
    public int OutputLength { get; init; } = 16 * 1024 * 1024;

    /// <summary>How deep arrays and objects may nest when they are printed or compared.</summary>
    public int ObjectDepth { get; init; } = 20;

    public TimeSpan RegexTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The whole render; <see cref="TimeSpan.Zero"/> for no limit.</summary>
    public TimeSpan TotalTime { get; init; } = TimeSpan.FromSeconds(30);
}
