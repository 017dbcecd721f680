using Strata.Runner.Files.Landing.Columns;

namespace Strata.Runner.Files.Landing;

/// <summary>Is told what comes of the files that a <see cref="LandedReader"/> reads.</summary>
internal interface ILandedFollower
{
    /// <summary>How a csv file is laid out, which may not be as declared.</summary>
    void Begin(LandedFile file, CsvLayout layout);

    /// <summary>The file has been read to its end.</summary>
    /// <param name="rows">How many it has, whatever becomes of them.</param>
    void Read(LandedFile file, string hash, long rows);

    /// <summary>The file is given up; rows of it may have been given out.</summary>
    void CannotRead(LandedFile file, Exception reason);

    /// <param name="rows">So many more than before.</param>
    /// <param name="bytes">Of all files so far.</param>
    void Report(int rows, long bytes);
}
