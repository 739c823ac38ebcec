using Mimir.Router.Files;

namespace Mimir.Router.Tests.Files;

/// <summary>Saves on the real disk. What happens when its steps fail is told by the tests of those who save.</summary>
public sealed class DurableFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mimir-files-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Save_NewAndOld_HoldTheBytesAndTheMode()
    {
        var path = At("file");
        foreach (var text in (string[])["one", "", "a longer one"])
        {
            DurableFile.Save(SystemDisk.Instance, path, System.Text.Encoding.UTF8.GetBytes(text), DurableFile.Private);
            Assert.Equal(text, File.ReadAllText(path));
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(DurableFile.Private, File.GetUnixFileMode(path));
                File.SetUnixFileMode(path, (UnixFileMode)0b110_100_100);
            }
        }

        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.FullName));
    }

    [Fact]
    public void Save_LeftoverOfACrash_IsReplaced()
    {
        var path = At("file");
        File.WriteAllText(DurableFile.Beside(path), "half");

        DurableFile.Save(SystemDisk.Instance, path, "whole"u8, DurableFile.Private);

        Assert.Equal("whole", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.FullName));
    }

    [Fact]
    public void Save_FolderInItsPlace_FailsAndLeavesNothingBehind()
    {
        Directory.CreateDirectory(At("file"));
        File.WriteAllText(At("file/in-it"), "x");

        Assert.ThrowsAny<SystemException>(() => DurableFile.Save(SystemDisk.Instance, At("file"), "x"u8, DurableFile.Private));

        Assert.Equal([At("file")], Directory.GetFileSystemEntries(_folder.FullName));
    }

    [Fact]
    public void Save_NoFolder_Fails() =>
        Assert.ThrowsAny<IOException>(() => DurableFile.Save(SystemDisk.Instance, At("none/file"), "x"u8, DurableFile.Private));

    [Fact]
    public void MakeFolder_SeveralMissing_MakesAllWithTheModeAndNoneTwice()
    {
        DurableFile.MakeFolder(SystemDisk.Instance, At("a/b/c"), DurableFile.PrivateFolder);
        DurableFile.MakeFolder(SystemDisk.Instance, At("a/b/c"), DurableFile.PrivateFolder);

        Assert.True(Directory.Exists(At("a/b/c")));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(DurableFile.PrivateFolder, File.GetUnixFileMode(At("a")));
            Assert.Equal(DurableFile.PrivateFolder, File.GetUnixFileMode(At("a/b/c")));
        }
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
