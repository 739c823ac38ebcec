using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Text;

namespace Mimir.Functional.Clients;

/// <summary>Lines over the stdin and stdout of a process.</summary>
internal sealed class StdioClient : RawClient
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Process _process;
    private readonly Task _reading;

    /// <summary>Speaks to a process whose stdin and stdout are redirected. The process stays its starter's.</summary>
    public StdioClient(Process process)
    {
        _process = process;
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>Ends when stdout has.</summary>
    public Task Ended => _reading;

    /// <inheritdoc/>
    public override Task SendAsync(string frame, string? id) => SendBytesAsync(Encoding.UTF8.GetBytes(frame + "\n"));

    /// <summary>Writes exactly these bytes.</summary>
    public async Task SendBytesAsync(ReadOnlyMemory<byte> bytes)
    {
        await _gate.WaitAsync();
        try
        {
            await _process.StandardInput.BaseStream.WriteAsync(bytes);
            await _process.StandardInput.BaseStream.FlushAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Opens a legacy session.</summary>
    public async Task<Reply> InitializeAsync(string revision = "2025-11-25")
    {
        var reply = await AskAsync("initialize", Handshake.Members(revision, Capabilities));
        await NotifyAsync("notifications/initialized");
        return reply;
    }

    /// <summary>Closes stdin, which ends a well-behaved server.</summary>
    public void CloseInput() => _process.StandardInput.Close();

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _gate.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task ReadAsync()
    {
        var reader = PipeReader.Create(_process.StandardOutput.BaseStream);
        while (true)
        {
            var read = await reader.ReadAsync();
            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                Deliver(buffer.Slice(0, end).ToArray());
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
            if (!read.IsCompleted) continue;
            CompleteAll();
            return;
        }
    }
}
