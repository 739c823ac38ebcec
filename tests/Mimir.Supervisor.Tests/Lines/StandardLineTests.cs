using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Mimir.Supervisor.Lines;
using Mimir.Supervisor.Tests.Support;
using Xunit;

namespace Mimir.Supervisor.Tests.Lines;

public sealed class StandardLineTests
{
    public static TheoryData<string> Kinds => ["pipe", "pipe of another user", "socket", "terminal"];

    [Fact]
    public async Task Echo_ARealProcessOverPipes_EightMegabytesComeBackUnchanged()
    {
        using var fake = new FakeHost("echo");
        var sent = RandomNumberGenerator.GetBytes(8 * 1024 * 1024);
        var received = new MemoryStream();
        var reading = fake.Process.StandardOutput.BaseStream.CopyToAsync(received);
        await fake.Process.StandardInput.BaseStream.WriteAsync(sent).AsTask().WaitAsync(Run.Patience);
        fake.Process.StandardInput.Close();
        await reading.WaitAsync(Run.Patience);
        await fake.Process.WaitForExitAsync().WaitAsync(Run.Patience);
        Assert.True(sent.AsSpan().SequenceEqual(received.ToArray()));
    }

    [Theory]
    [InlineData("cat | \"$@\" echo | cat")]
    [InlineData("\"$@\" echo </dev/stdin >/dev/stdout")]
    public async Task Echo_BetweenOtherPrograms_Works(string script)
    {
        using var fake = new FakeHost(script, []);
        await fake.Process.StandardInput.WriteAsync("over and out\n");
        fake.Process.StandardInput.Close();
        Assert.Equal("over and out", await fake.ReadLineAsync());
    }

    [Fact]
    public async Task Echo_FromAFileToAFile_Works()
    {
        var folder = Directory.CreateTempSubdirectory();
        var (from, to) = (Path.Combine(folder.FullName, "from"), Path.Combine(folder.FullName, "to"));
        var sent = RandomNumberGenerator.GetBytes(1_000_000);
        await File.WriteAllBytesAsync(from, sent);
        using var fake = new FakeHost($"exec \"$@\" <'{from}' >'{to}'", ["echo"]);
        await fake.Process.WaitForExitAsync().WaitAsync(Run.Patience);
        Assert.Equal(sent, await File.ReadAllBytesAsync(to));
        folder.Delete(recursive: true);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Read_BytesThenInterrupt_GivesThemThenEnds(string kind)
    {
        var (peer, ours) = Open(kind, reading: true);
        using var line = new StandardLine(ours, output: 1, reopen: kind != "pipe of another user");
        Assert.False(Posix.IsNonBlocking(ours));
        var buffer = new byte[64];
        peer.Write("hello\n"u8);
        Assert.Equal(6, await Task.Run(() => line.Read(buffer)).WaitAsync(Run.Patience));
        Assert.Equal("hello\n", buffer[..6].Text());
        var blocked = Task.Run(() => line.Read(buffer));
        await Task.Delay(50);
        Assert.False(blocked.IsCompleted);
        line.Interrupt();
        Assert.Equal(0, await blocked.WaitAsync(Run.Patience));
        peer.Dispose();
        Posix.Close(ours);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task TryWrite_PeerDoesNotRead_StopsWithoutBlockingAndGoesOnWhenItDoes(string kind)
    {
        var (peer, ours) = Open(kind, reading: false);
        using var line = new StandardLine(input: 0, ours, reopen: kind != "pipe of another user");
        var filled = 0L;
        var watch = new Stopwatch();

        // A terminal takes what it was given into a second buffer a moment later, and then has room again.
        for (var round = 0; round < 50 && watch.ElapsedMilliseconds < 90; round++)
        {
            filled += await Task.Run(() => Fill(line)).WaitAsync(Run.Patience);
            watch.Restart();
            line.WaitWritable(TimeSpan.FromMilliseconds(100));
        }

        Assert.InRange(watch.ElapsedMilliseconds, 90, 5_000);
        Assert.True(filled > 1000, $"took {filled}");
        Assert.False(Posix.IsNonBlocking(ours));
        var waiting = Task.Run(() => line.WaitWritable(Run.Patience));
        var drained = 0L;
        while (drained < filled)
            drained += peer.Read(new byte[65536]);
        await waiting.WaitAsync(Run.Patience);
        Assert.True(line.TryWrite("more"u8) > 0);
        peer.Dispose();
        Posix.Close(ours);
    }

    private static long Fill(StandardLine line)
    {
        var total = 0L;
        while (line.TryWrite(new byte[100_000]) is var count && count > 0)
            total += count;
        return total;
    }

    [Theory]
    [InlineData("pipe")]
    [InlineData("pipe of another user")]
    [InlineData("socket")]
    public void TryWrite_PeerIsGone_Throws(string kind)
    {
        var (peer, ours) = Open(kind, reading: false);
        using var line = new StandardLine(input: 0, ours, reopen: kind != "pipe of another user");
        peer.Dispose();
        Assert.Throws<IOException>(() => line.TryWrite("x"u8));
        Posix.Close(ours);
    }

    [Theory]
    [InlineData("pipe")]
    [InlineData("pipe of another user")]
    [InlineData("socket")]
    public void Read_PeerIsGone_GivesWhatIsLeftThenEnds(string kind)
    {
        var (peer, ours) = Open(kind, reading: true);
        using var line = new StandardLine(ours, output: 1, reopen: kind != "pipe of another user");
        peer.Write("rest"u8);
        peer.Dispose();
        Assert.Equal(4, line.Read(new byte[64]));
        Assert.Equal(0, line.Read(new byte[64]));
        Posix.Close(ours);
    }

    [Theory]
    [InlineData("pipe")]
    [InlineData("pipe of another user")]
    [InlineData("socket")]
    public void CloseWrite_PeerSeesTheEndAndTheNumberStaysTaken(string kind)
    {
        var (peer, ours) = Open(kind, reading: false);
        using var line = new StandardLine(input: 0, ours, reopen: kind != "pipe of another user");
        line.WriteAll("bye"u8);
        line.CloseWrite();
        Assert.Equal(3, peer.Read(new byte[64]));
        Assert.Equal(0, peer.Read(new byte[64]));
        Assert.Equal("/dev/null", new FileInfo($"/proc/self/fd/{ours}").LinkTarget);
        Assert.Throws<IOException>(() => line.TryWrite("x"u8));
        peer.Dispose();
        Posix.Close(ours);
    }

    /// <summary>A stream of a kind: the peer's end, and ours to read from or to write to.</summary>
    private static (FileStream Peer, int Ours) Open(string kind, bool reading)
    {
        var (peer, ours) = kind switch
        {
            "socket" => Posix.SocketPair(),
            "terminal" => Posix.Terminal(),
            _ => Posix.Pipe(),
        };
        if (kind.StartsWith("pipe", StringComparison.Ordinal) && reading)
            (peer, ours) = (ours, peer);
        return (new FileStream(new SafeFileHandle(peer, ownsHandle: true), FileAccess.ReadWrite, bufferSize: 0), ours);
    }
}
