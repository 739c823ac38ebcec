using System.Text;
using System.Text.Json;
using Mimir.Protocol.Envelopes;
using Mimir.Router.Model;
using Mimir.Router.Policies.Audit;
using Mimir.Router.State;
using Mimir.Router.Tests.Support;

namespace Mimir.Router.Tests.Policies.Audit;

/// <summary>What is kept, in the order and number it came, whatever becomes of the disk, other writers and whoever is kept.</summary>
public sealed class AuditLogTests : IDisposable
{
    private readonly AuditFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Add_ACall_WritesEveryFieldAndNoArgument()
    {
        await using (var log = _folder.Open())
        {
            var call = new CallRecord(log, null, 0)
            {
                Method = McpMethod.ToolsCall,
                Transport = "http",
                Session = 4,
                Namespace = "work",
                BytesIn = 77,
                As = "files_read"u8.ToArray(),
                Client = """{"name":"c","version":"1"}"""u8.ToArray(),
                Revision = Mimir.Protocol.Revisions.Revision.V2025_11_25,
                Begun = TimeProvider.System.GetTimestamp(),
            };
            call.Digests("""{"path":"canary"}"""u8);
            call.Sent("files", "read", default);
            Assert.False(call.End(CallOutcome.ToolError, 0, 55));
        }

        var record = Assert.Single(_folder.Records);
        Assert.Equal(
            ["seq", "ts", "kind", "client", "session", "namespace", "transport", "revision", "method", "server", "name", "as", "decision", "outcome", "ms", "in", "out", "args", "attempts", "prev", "hash"],
            record.EnumerateObject().Select(m => m.Name));
        Assert.Equal("c/1", record.GetProperty("client").GetString());
        Assert.Equal("run.4", record.GetProperty("session").GetString());
        Assert.Equal("read", record.GetProperty("name").GetString());
        Assert.Equal("files_read", record.GetProperty("as").GetString());
        Assert.Equal("tool_error", record.GetProperty("outcome").GetString());
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("""{"path":"canary"}"""u8))[..32], record.GetProperty("args").GetString());
        Assert.DoesNotContain("canary", _folder.Lines[0], StringComparison.Ordinal);
        Assert.True((await _folder.VerifyAsync()).IsWhole);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.Log));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(_folder.Log)!));
        }
    }

    [Fact]
    public async Task Add_ADeniedCall_SaysWhy()
    {
        await using (var log = _folder.Open())
        {
            new CallRecord(log, null, 0) { Method = McpMethod.ToolsCall, As = "rm"u8.ToArray() }.End(new RouterError(-32602, "secret words") { Objection = "the server's deniedTools hold it" });
        }

        var record = Assert.Single(_folder.Records);
        Assert.Equal(("deny", "the server's deniedTools hold it", "error", -32602), (
            record.GetProperty("decision").GetString(), record.GetProperty("reason").GetString(), record.GetProperty("outcome").GetString(), record.GetProperty("code").GetInt32()));
        Assert.DoesNotContain("secret words", _folder.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_ManyTexts_IsALineEachWhateverTheyHold()
    {
        string[] nasty =
        [
            "\n", "\r\n", "\u0085", "\u2028", "\u2029", "\0", "\u001b[31m", "\"},{\"seq\":1", "\\", "\\n", "{\"seq\":9,", "\ud800", "\udfff", "\u202e", "\ufeff", "a\u0300", "😀", "\u007f",
            "\",\"hash\":\"" + new string('0', 64) + "\"}\n{\"seq\":2,\"prev\":\"", new('x', 100_000),
        ];
        var texts = Enumerable.Range(0, 200).Select(i => nasty[i % nasty.Length] + i + nasty[i * 7 % nasty.Length]).ToArray();
        var count = 0;
        await using (var log = _folder.Open())
        {
            foreach (var text in texts)
            {
                byte[] inside = JsonText.Encode(text.Replace('\ud800', '?').Replace('\udfff', '?')).ToArray();
                foreach (var raw in (byte[][])[inside, Encoding.UTF8.GetBytes(text), [.. inside.AsSpan(0, inside.Length / 2)], "\\ud800"u8.ToArray(), "\\u00"u8.ToArray()])
                {
                    var call = new CallRecord(log, null, 0)
                    {
                        Method = McpMethod.ToolsCall,
                        As = raw,
                        Namespace = text,
                        Client = Encoding.UTF8.GetBytes($"{{\"name\":{JsonSerializer.Serialize(text)},\"version\":7}}"),
                    };
                    call.Sent(text, null, raw);
                    call.End(new RouterError(1, "x") { Objection = text });
                    count++;
                }

                log.Add(new ChangeRecord(text[..1]) { Server = text, Name = text, Detail = text, Before = text, After = text });
                count++;
            }
        }

        var bytes = AuditNames.Find(_folder.Log).SelectMany(File.ReadAllBytes).ToArray();
        Assert.All(bytes, b => Assert.True(b is (byte)'\n' or (>= 0x20 and < 0x7f)));
        Assert.Equal(count, bytes.Count(b => b == '\n'));
        Assert.All(_folder.Lines, line => Assert.InRange(line.Length, 1, AuditChain.MostLineBytes));
        Assert.Equal(count, _folder.Records.Length);
        Assert.True((await _folder.VerifyAsync()).IsWhole);
    }

    [Fact]
    public async Task Add_BeyondTheSize_SetsAsideAndKeepsAsManyAsItMay()
    {
        for (var i = 0; i < 6; i++) await _folder.WriteAsync(400, maxBytes: 16 << 10, keep: 3);

        var verdict = await _folder.VerifyAsync();
        Assert.True(verdict.IsWhole, string.Join('\n', verdict.Problems));
        Assert.Equal(["audit.log.3", "audit.log.2", "audit.log.1", "audit.log"], verdict.Files.Select(Path.GetFileName));
        Assert.Equal(2400, verdict.Last);
        Assert.All(verdict.Files, file => Assert.InRange(new FileInfo(file).Length, 1, (16 << 10) + 1024));
        Assert.True(verdict.First > 1);
    }

    [Fact]
    public async Task Add_ManyWritersAtOnce_KeepOneChain()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _folder.WriteAsync(500, maxBytes: 64 << 10, keep: 100)))).Within();

        var verdict = await _folder.VerifyAsync();
        Assert.True(verdict.IsWhole, string.Join('\n', verdict.Problems));
        Assert.Equal((4000, 1, 4000), (verdict.Records, verdict.First, verdict.Last));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(150)]
    [InlineData(-1)]
    public async Task Add_AfterATornLine_SaysSoAndGoesOn(int keptBytes)
    {
        await _folder.WriteAsync(3);
        var bytes = await File.ReadAllBytesAsync(_folder.Log, TestContext.Current.CancellationToken);
        var start = Array.LastIndexOf(bytes, (byte)'\n', bytes.Length - 2) + 1;
        await File.WriteAllBytesAsync(_folder.Log, bytes[..(keptBytes < 0 ? bytes.Length - 1 : start + keptBytes)], TestContext.Current.CancellationToken);
        Assert.Equal(keptBytes < 0, (await _folder.VerifyAsync()).IsWhole);

        await _folder.WriteAsync(2);

        var verdict = await _folder.VerifyAsync();
        Assert.True(verdict.IsWhole, string.Join('\n', verdict.Problems));
        Assert.Equal(keptBytes < 0 ? 0 : 1, verdict.Torn);
        Assert.Equal(5, verdict.Last);
    }

    [Fact]
    public async Task Add_TheFirstLineTorn_BeginsTheChain()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.Log)!);
        await File.WriteAllTextAsync(_folder.Log, "{\"seq", TestContext.Current.CancellationToken);

        await _folder.WriteAsync(1);

        var verdict = await _folder.VerifyAsync();
        Assert.True(verdict is { IsWhole: true, Torn: 1, Last: 2 }, string.Join('\n', verdict.Problems));
    }

    [Fact]
    public async Task Add_AFileThatIsNoLog_IsLeftAlone()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.Log)!);
        await File.WriteAllTextAsync(_folder.Log, "dear diary\n", TestContext.Current.CancellationToken);

        await _folder.WriteAsync(1);

        Assert.Equal("dear diary\n", await File.ReadAllTextAsync(_folder.Log, TestContext.Current.CancellationToken));
        Assert.Contains("does not end like an audit log", Assert.Single(_folder.Said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_ALinkInItsPlace_IsNotFollowed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a right there");
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.Log)!);
        var target = _folder.Log + ".elsewhere";
        File.CreateSymbolicLink(_folder.Log, target);

        await _folder.WriteAsync(1);
        await File.WriteAllTextAsync(target, "", TestContext.Current.CancellationToken);
        await _folder.WriteAsync(1);

        Assert.Empty(await File.ReadAllTextAsync(target, TestContext.Current.CancellationToken));
        Assert.All(_folder.Said, said => Assert.Contains("is a link, which is not followed", said, StringComparison.Ordinal));
        Assert.Equal(2, _folder.Said.Count);
    }

    [Fact]
    public async Task Add_MoreThanMayWait_IsCountedAndSaid()
    {
        var disk = new FailingLogDisk { IsFull = true };
        await using (var log = _folder.Open(disk: disk))
        {
            for (var i = 0; i < AuditLog.MostWaiting + 100; i++) log.Add(new ChangeRecord("test"));
            await Patience.UntilAsync(() => log.Failure is not null);
            Assert.Null(log.Admit());
            log.Add(new ChangeRecord("late"));
            disk.IsFull = false;
            await Patience.UntilAsync(() => log.Failure is null);
        }

        var verdict = await _folder.VerifyAsync();
        Assert.True(verdict.IsWhole, string.Join('\n', verdict.Problems));
        var kept = _folder.Records.Count(r => r.GetProperty("change").GetString() != "suppressed");
        var counted = _folder.Records.Where(r => r.GetProperty("change").GetString() == "suppressed").Sum(r => r.GetProperty("count").GetInt64());
        Assert.Equal(AuditLog.MostWaiting + 101, kept + counted);
        Assert.True(counted > 0);
        Assert.Equal(2, _folder.Said.Count);
        Assert.Contains("No space left on device", _folder.Said[0], StringComparison.Ordinal);
        Assert.Contains("is written again", _folder.Said[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_NoRoomForAHalfOfIt_LeavesNoTornLine()
    {
        await _folder.WriteAsync(2);
        var before = await File.ReadAllBytesAsync(_folder.Log, TestContext.Current.CancellationToken);
        await using (var log = _folder.Open(disk: new FailingLogDisk { IsFull = true }))
        {
            log.Add(new ChangeRecord("test"));
        }

        Assert.Equal(before, await File.ReadAllBytesAsync(_folder.Log, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Apply_AnotherPlaceAndOff_TakesEffect()
    {
        var other = _folder.Log + "-other";
        await using (var log = _folder.Open())
        {
            log.Apply(new AuditModel { Path = other });
            log.Add(new ChangeRecord("there"));
            await Patience.UntilAsync(() => File.Exists(other) && new FileInfo(other).Length > 0);
            log.Apply(new AuditModel { Mode = AuditMode.Off });
            Assert.False(log.IsOn);
            log.Add(new ChangeRecord("nowhere"));
        }

        Assert.Single(await File.ReadAllLinesAsync(other, TestContext.Current.CancellationToken));
        Assert.False(File.Exists(_folder.Log));
    }
}
