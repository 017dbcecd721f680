namespace Strata.Cli.Reports;

public enum ReportFormat
{
    JUnit,
    Html,
    Json,
    GitHub,
}
