using System.Diagnostics;
using Mimir.Router.Files;
using Mimir.Router.Model;
using Mimir.Router.Policies.Audit;
using Mimir.Router.Tests.Support;

namespace Mimir.Router.Tests.Policies.Audit;

/// <summary>What stands in the place of the log and is none is left as it is, and nothing is put beside it.</summary>
public sealed class AuditForeignTests : IDisposable
{
    private const UnixFileMode Shared = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead;
    private readonly AuditFolder _folder = new();

    public AuditForeignTests() => Directory.CreateDirectory(Path.GetDirectoryName(_folder.Log)!);

    private CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(200_000)]
    public async Task Check_ATextFile_ChangesNothing(int more)
    {
        var text = "dear diary\n" + new string('x', more);
        await File.WriteAllTextAsync(_folder.Log, text, Stop);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_folder.Log, Shared);
        await using var log = _folder.Open(AuditMode.Durable);

        Assert.Contains("does not end like an audit log", await log.CheckAsync().Within(), StringComparison.Ordinal);

        Assert.Equal(text, await File.ReadAllTextAsync(_folder.Log, Stop));
        Assert.Equal([_folder.Log], Directory.GetFileSystemEntries(Path.GetDirectoryName(_folder.Log)!));
        if (!OperatingSystem.IsWindows()) Assert.Equal(Shared, File.GetUnixFileMode(_folder.Log));
    }

    [Fact]
    public async Task Check_APipe_IsRefusedAndNotChanged()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "pipes are no files there");
        using (var make = Process.Start("mkfifo", ["-m", "664", _folder.Log])) await make.WaitForExitAsync(Stop);
        await using var log = _folder.Open(AuditMode.Durable);

        Assert.Contains("is not a file", await log.CheckAsync().Within(), StringComparison.Ordinal);

        Assert.Equal([_folder.Log], Directory.GetFileSystemEntries(Path.GetDirectoryName(_folder.Log)!));
        if (!OperatingSystem.IsWindows()) Assert.Equal(Shared, File.GetUnixFileMode(_folder.Log));
    }

    [Fact]
    public void OpenLog_ADevice_IsRefusedAndNotChanged()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the device is there on Linux");
        if (OperatingSystem.IsLinux())
        {
            var mode = File.GetUnixFileMode("/dev/full");

            Assert.Throws<IOException>(() => SystemDisk.Instance.OpenLog("/dev/full", mode));

            Assert.Equal(mode, File.GetUnixFileMode("/dev/full"));
        }
    }

    [Theory]
    [InlineData(3, 70_000)]
    [InlineData(3, 300_000)]
    [InlineData(0, 5)]
    [InlineData(0, 70_000)]
    public async Task Add_BehindWhatAPowerCutLeft_SaysSoAndGoesOn(int records, int zeros)
    {
        await _folder.WriteAsync(records);
        await using (var file = new FileStream(_folder.Log, FileMode.Append)) await file.WriteAsync(new byte[zeros], Stop);
        await using (var log = _folder.Open(AuditMode.Durable)) Assert.Null(await log.CheckAsync().Within());

        await _folder.WriteAsync(2);

        var verdict = await _folder.VerifyAsync();
        Assert.True(verdict.IsWhole, string.Join('\n', verdict.Problems));
        Assert.Equal((1, records + 3, records + 3), (verdict.Torn, verdict.Records, verdict.Last));
        using var reader = new AuditReader(_folder.Log, static _ => true);
        Assert.Equal(records + 3, reader.ReadNewest(100).Count);
    }

    [Fact]
    public async Task Read_ScrapOfAnySizeBehindTheLastLine_FindsItAndHasTheDigestOfTheVerifier()
    {
        await _folder.WriteAsync(2);
        var lines = await File.ReadAllBytesAsync(_folder.Log, Stop);
        using var file = SystemDisk.Instance.OpenLog(_folder.Log, DurableFile.Private);
        for (var size = 2 * AuditChain.MostLineBytes - lines.Length - 3; size < 2 * AuditChain.MostLineBytes + 3; size++)
        {
            var scrap = new byte[size];
            scrap[size / 2] = (byte)'\n';
            scrap[^1] = (byte)'\n';
            file.Write(lines.Length, scrap);

            var tail = AuditTail.Read(file, _folder.Log, 1 << 20);

            Assert.Equal((2, size, true), (tail.Link?.Seq, tail.TornBytes, tail.EndsLine));
            Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(scrap[..^1])), tail.TornDigest);
        }
    }
}
