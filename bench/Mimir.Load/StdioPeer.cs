using System.Diagnostics;
using System.Text;
using Mimir.Epoll;

namespace Mimir.Load;

/// <summary>A server that is a child process, spoken to over its pipes.</summary>
public sealed class StdioPeer : IPeer
{
    private readonly StreamWriter _input;

    private StdioPeer(Process process, ClientEra era)
    {
        _input = process.StandardInput;
        Era = era;
        Input = PipeDescriptor.Of(process.StandardInput.BaseStream);
        Output = PipeDescriptor.Of(process.StandardOutput.BaseStream);
        Input.SetNonBlocking();
        Output.SetNonBlocking();
    }

    /// <summary>How it is spoken to.</summary>
    public ClientEra Era { get; }

    /// <inheritdoc/>
    public long GreetedAt { get; private set; }

    internal Descriptor Input { get; }

    internal Descriptor Output { get; }

    internal LineBuffer Lines { get; } = new();

    internal long LastId { get; set; }

    /// <summary>Greets a process.</summary>
    /// <param name="process">Started with its stdin and stdout redirected; stays the caller's to end.</param>
    /// <param name="era">How to speak.</param>
    /// <param name="timeout">The longest wait for its answer.</param>
    /// <exception cref="IOException">The process ended, or refused.</exception>
    /// <exception cref="TimeoutException">There was no reply in time.</exception>
    public static StdioPeer Open(Process process, ClientEra era, TimeSpan timeout)
    {
        var peer = new StdioPeer(process, era);
        var reply = peer.Ask(Messages.Hello(era), timeout);
        peer.GreetedAt = Stopwatch.GetTimestamp();
        if (Reply.Read(reply).IsError)
        {
            throw new IOException($"The greeting was refused: {Encoding.UTF8.GetString(reply)}");
        }

        if (era == ClientEra.Legacy)
        {
            peer.Write("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n"u8);
        }

        return peer;
    }

    /// <inheritdoc/>
    public byte[] Ask(string request, TimeSpan timeout)
    {
        var start = Stopwatch.GetTimestamp();
        var id = Reply.Read(Encoding.UTF8.GetBytes(request)).Id;
        Write(Encoding.UTF8.GetBytes(request + "\n"));
        using var poller = new Poller();
        poller.Add(Output, 0);
        while (Stopwatch.GetElapsedTime(start) < timeout)
        {
            while (Lines.TryRead(out var line))
            {
                var reply = Reply.Read(line);
                if (reply.Id == id && !reply.HasMethod)
                {
                    return line.ToArray();
                }
            }

            if (poller.Wait(100) > 0)
            {
                var n = Output.Read(Lines.Free(1 << 16));
                if (n == 0)
                {
                    throw new IOException("The process closed its stdout.");
                }

                Lines.Advance(Math.Max(0, n));
            }
        }

        throw new TimeoutException("No reply over stdout in time.");
    }

    /// <inheritdoc/>
    public LoadResult Run(LoadPlan plan, CancellationToken cancellationToken)
    {
        using var load = new StdioLoad(this, plan);
        return load.Run(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _input.Close();

    // What is written here is small, and the pipe empty.
    private void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var n = Input.Write(bytes);
            if (n == Descriptor.WouldBlock)
            {
                Thread.Sleep(1);
                continue;
            }

            bytes = bytes[n..];
        }
    }
}
