namespace Strata.Cli;

public static class ProductVersion
{
    public static string Text { get; } =
        typeof(ProductVersion).Assembly.GetName().Version?.ToString(3) ?? "unknown";
}
