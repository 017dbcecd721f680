using System.Diagnostics;

namespace Strata.Crash;

/// <summary>A file system in memory with room for little, which can be filled to the last byte.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder _home = new();

    /// <exception cref="ShouldAssertException">It cannot be mounted; see <see cref="SkipReason"/>.</exception>
    public SmallDisk(int megabytes)
    {
        Folder = Directory.CreateDirectory(_home.Combine("disk")).FullName;
        Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=0777", "tmpfs", Folder)
            .ShouldBe(0, "mount");
    }

    public string Folder { get; }

    /// <summary>Why tests that need one are skipped; null where it can be mounted.</summary>
    public static string? SkipReason { get; } = FindSkipReason();

    private string Filler => Path.Combine(Folder, "filler");

    /// <summary>Leaves so many bytes free.</summary>
    public void Fill(long free)
    {
        using var file = File.Create(Filler);
        var zeros = new byte[64 * 1024];
        for (var left = new DriveInfo(Folder).AvailableFreeSpace - free; left > 0; left -= zeros.Length)
            file.Write(zeros, 0, (int)Math.Min(left, zeros.Length));
    }

    /// <summary>A folder on it that belongs to somebody else.</summary>
    public string FolderOf(string user)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, user)).FullName;
        // the server's user must get there
        Run("chmod", "755", _home.Path).ShouldBe(0, "chmod");
        Run("chown", user, folder).ShouldBe(0, "chown");
        return folder;
    }

    public void MakeRoom() => File.Delete(Filler);

    public void Dispose()
    {
        Run("umount", Folder).ShouldBe(0, "umount");
        _home.Dispose();
    }

    private static string? FindSkipReason()
    {
        try
        {
            new SmallDisk(1).Dispose();
            return null;
        }
        catch (Exception e) when (e is ShouldAssertException or System.ComponentModel.Win32Exception)
        {
            return "needs the right to mount a tmpfs: no disk was filled up";
        }
    }

    private static int Run(string program, params string[] words)
    {
        var start = new ProcessStartInfo(program, words) { RedirectStandardError = true };
        using var process =
            Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}

/// <summary>A fact that needs Postgres, and a small disk to fill up.</summary>
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() => Skip = PostgresServer.SkipReason ?? SmallDisk.SkipReason;
}
