using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Strata.Cli.Session;
using Strata.Compiler.Project;
using Strata.Runner.Feeds;
using Strata.Tests.Engine.Catalog;

namespace Strata.Cli.Listing;

/// <summary>
/// Everything that a listing, or compiled SQL, depends on: the content of every file of the project, the environment variables and
/// the options that were read, this build of strata. Two equal hashes mean the same result.
/// </summary>
/// <param name="Folders">The folders with files of the project, relative to it.</param>
/// <param name="Included">Other files that templates include, relative to the project.</param>
/// <param name="Variables">Names of the environment variables that were read.</param>
public sealed record ListingKey(
    ImmutableArray<string> Folders,
    ImmutableArray<string> Included,
    ImmutableArray<string> Variables
)
{
    /// <summary>Looks at the files as they are now.</summary>
    /// <param name="today">Templates may ask for the time; what they make of it is trusted for a day. Null where none does.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file cannot be read.</exception>
    public UInt128 Hash(ListingInputs inputs, DateOnly? today)
    {
        var hash = new XxHash128();
        Add(hash, typeof(ListingKey).Module.ModuleVersionId.ToByteArray());
        Add(hash, typeof(ProjectSources).Module.ModuleVersionId.ToByteArray());
        Add(hash, typeof(ShownChanges).Module.ModuleVersionId.ToByteArray());
        Add(hash, typeof(ExpectationCatalog).Module.ModuleVersionId.ToByteArray());
        Add(hash, today?.DayNumber.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Add(hash, inputs.Target);
        Add(hash, inputs.Vars);
        foreach (var name in Variables)
        {
            Add(hash, name);
            Add(hash, inputs.Environment.GetValueOrDefault(name));
        }
        AddFile(hash, Path.Combine(inputs.ProjectFolder, ProjectLocator.ProjectFile));
        AddFile(hash, inputs.ProfilesFile);
        foreach (var folder in Folders)
        {
            Add(hash, folder);
            foreach (var file in ProjectSources.List(inputs.ProjectFolder, folder))
                AddFile(hash, Path.Combine(inputs.ProjectFolder, folder, file));
        }
        foreach (var file in Included)
            AddFile(hash, Path.Combine(inputs.ProjectFolder, file));
        return hash.GetCurrentHashAsUInt128();
    }

    private static void AddFile(XxHash128 hash, string path)
    {
        Add(hash, path);
        Add(hash, File.ReadAllBytes(path));
    }

    private static void Add(XxHash128 hash, string? text)
    {
        // a missing value is not an empty one
        if (text is null)
            AddLength(hash, -1);
        else
            Add(hash, MemoryMarshal.AsBytes(text.AsSpan()));
    }

    private static void Add(XxHash128 hash, ReadOnlySpan<byte> bytes)
    {
        AddLength(hash, bytes.Length);
        hash.Append(bytes);
    }

    private static void AddLength(XxHash128 hash, int length)
    {
        Span<byte> size = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(size, length);
        hash.Append(size);
    }
}
