; The installer for Windows, compiled by packaging/windows_installer.py, also on Linux.
; It installs for one person, without administrator rights, and removes only what the generated list names.
; Silent: setup.exe /S [/D=FOLDER]. Exit codes: 0 done, 3 DemixME is running, 4 this Windows is too old or 32-bit.
Unicode true
SetCompressor /SOLID lzma
ManifestDPIAware true
ManifestSupportedOS all
RequestExecutionLevel user

!include "MUI2.nsh"
!include "x64.nsh"
!include "WinVer.nsh"
!include "LogicLib.nsh"
!include "FileFunc.nsh"
!include "${LIST}" ; InstallFiles, RemoveFiles, VERSION, VERSION_NUMBERS, SIZE_KB, EachSongType

!define NAME "DemixME"
!define CLASSES "Software\Classes"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\DemixME"
!include "associations.nsh"
!define RUNNING 3
!define REFUSED 4

Name "${NAME}"
OutFile "${SETUP}"
InstallDir "$LOCALAPPDATA\Programs\DemixME"
InstallDirRegKey HKCU "${UNINSTALL}" "InstallLocation"
BrandingText "${NAME} ${VERSION}"
VIProductVersion "${VERSION_NUMBERS}"
VIAddVersionKey "ProductName" "${NAME}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "${NAME} setup"
VIAddVersionKey "LegalCopyright" "The DemixME authors, GPL-3.0-or-later"
!ifdef SIGN
  !uninstfinalize '${SIGN} "%1"' = 0
!endif

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\DemixME.exe"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "Spanish"

LangString TooOld ${LANG_ENGLISH} "DemixME needs a 64-bit Windows 10, version 1809 or newer."
LangString TooOld ${LANG_SPANISH} "DemixME necesita Windows 10 de 64 bits, versión 1809 o posterior."
LangString Running ${LANG_ENGLISH} "DemixME is running. Close it, then try again."
LangString Running ${LANG_SPANISH} "DemixME está abierto. Ciérrelo y vuelva a intentarlo."

; ---------------------------------------------------------------- questions asked first
!macro RefuseOldWindows
  ${IfNot} ${RunningX64}
  ${OrIfNot} ${AtLeastBuild} 17763
    MessageBox MB_OK|MB_ICONSTOP "$(TooOld)" /SD IDOK
    SetErrorLevel ${REFUSED}
    Quit
  ${EndIf}
!macroend

; A program that runs cannot be opened for writing.
!macro WaitUntilClosed UN
  !define again "again_${UN}"
  !define free "free_${UN}"
  ${again}:
  StrCpy $1 ""
  ${If} ${FileExists} "$INSTDIR\DemixME.exe"
    ClearErrors
    FileOpen $0 "$INSTDIR\DemixME.exe" a
    ${If} ${Errors}
      StrCpy $1 "runs"
    ${Else}
      FileClose $0
    ${EndIf}
  ${EndIf}
  ${If} ${FileExists} "$INSTDIR\demixme-cli.exe"
    ClearErrors
    FileOpen $0 "$INSTDIR\demixme-cli.exe" a
    ${If} ${Errors}
      StrCpy $1 "runs"
    ${Else}
      FileClose $0
    ${EndIf}
  ${EndIf}
  StrCmp $1 "" ${free}
  MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(Running)" /SD IDCANCEL IDRETRY ${again}
  SetErrorLevel ${RUNNING}
  Quit
  ${free}:
  ClearErrors
  !undef again
  !undef free
!macroend

Function .onInit
  SetRegView 64
  !insertmacro RefuseOldWindows
FunctionEnd

Function un.onInit
  SetRegView 64
  !insertmacro WaitUntilClosed uninstall
FunctionEnd

; ---------------------------------------------------------------- installing
Section "DemixME"
  SetShellVarContext current
  !insertmacro WaitUntilClosed install
  ; an older version takes its own list with it; _?= makes it work in place, so that we can wait for it
  ${If} ${FileExists} "$INSTDIR\uninstall.exe"
    ExecWait '"$INSTDIR\uninstall.exe" /S /KEEPCACHE _?=$INSTDIR' $0
    ${If} $0 <> 0
      SetErrorLevel $0
      Quit
    ${EndIf}
  ${EndIf}
  !insertmacro InstallFiles
  SetOutPath "$INSTDIR"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\DemixME.lnk" "$INSTDIR\DemixME.exe"
  !insertmacro WriteAssociations
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "The DemixME authors"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\DemixME.exe"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" ${SIZE_KB}
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
SectionEnd

; ---------------------------------------------------------------- uninstalling
Section "Uninstall"
  SetShellVarContext current
  !insertmacro RemoveFiles
  Delete "$INSTDIR\uninstall.exe"
  Delete "$SMPROGRAMS\DemixME.lnk"
  RMDir "$INSTDIR"
  !insertmacro RemoveAssociations
  DeleteRegKey HKCU "${UNINSTALL}"
  ; what can be made again goes, settings, sessions and own models stay; an update keeps all of it
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/KEEPCACHE" $1
  ${If} ${Errors}
    RMDir /r "$LOCALAPPDATA\DemixME\Cache"
    RMDir /r "$LOCALAPPDATA\DemixME\Logs"
  ${EndIf}
  ClearErrors
SectionEnd
